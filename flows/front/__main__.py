"""`python -m analoom` is the command line."""

from analoom.flows.cli.main import main

if __name__ == "__main__":
    main()
