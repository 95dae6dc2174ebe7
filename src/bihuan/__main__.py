"""``python -m bihuan``."""

from bihuan.cli import main

if __name__ == "__main__":
    main()
