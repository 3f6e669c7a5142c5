"""`python -m stimuli.sal`: saliency in active learning."""

from stimuli.sal.cli import main

if __name__ == "__main__":
    main()
