"""The developers' workbench: the log of gateway calls, and faults switched on per app."""
