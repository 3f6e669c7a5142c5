// Pauses between tries: 1, 2, 4, 8, 10, 10, ... seconds, cut short when the network comes back.

const LONGEST_S = 10;

export function pause(tries) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, 1000 * Math.min(2 ** tries, LONGEST_S));
    window.addEventListener("online", over);
  });
}
