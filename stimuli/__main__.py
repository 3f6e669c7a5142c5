"""`python -m stimuli`: train, build, check and review the stimuli of a study."""

from stimuli.cli import main

if __name__ == "__main__":
    main()
