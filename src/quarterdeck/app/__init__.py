"""Where the rooms meet: settings, wiring, web, engine, command line, the frame of the pages."""
