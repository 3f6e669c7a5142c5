/* Keeps what is certain to be on the disk: whenever a process syncs a file, the file as it is then is
   copied to the folder DISK_SNAPSHOT, under its own name. A power cut may leave no more than that. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void copy_whole(int file, const char *name, const char *folder)
{
    char draft[PATH_MAX], target[PATH_MAX], lock[PATH_MAX], buffer[1 << 16];
    snprintf(lock, sizeof lock, "%s/lock", folder);
    int turn = open(lock, O_RDWR | O_CREAT, 0600);
    flock(turn, LOCK_EX);
    snprintf(draft, sizeof draft, "%s/draft", folder);
    snprintf(target, sizeof target, "%s/%s", folder, name);
    int copy = open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    off_t at = 0;
    ssize_t n;
    while ((n = pread(file, buffer, sizeof buffer, at)) > 0) {
        if (write(copy, buffer, n) != n) abort();
        at += n;
    }
    close(copy);
    rename(draft, target);
    close(turn);
}

/* Reads through the file that is synced: to open it once more, and close it, would let go of locks. */
static int synced(int file, const char *call)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, call);
    const char *folder = getenv("DISK_SNAPSHOT");
    char link[64], path[PATH_MAX];
    struct stat facts;
    if (folder && !fstat(file, &facts) && S_ISREG(facts.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t n = readlink(link, path, sizeof path - 1);
        if (n > 0) {
            path[n] = 0;
            char *name = strrchr(path, '/') + 1;
            if (!strncmp(name, "study.sqlite", 12)) copy_whole(file, name, folder);
        }
    }
    return real(file);
}

int fsync(int file) { return synced(file, "fsync"); }
int fdatasync(int file) { return synced(file, "fdatasync"); }
