"""`python -m analoom` is the command line."""

from analoom.flows.cli.executable import main

if __name__ == "__main__":
    main()
