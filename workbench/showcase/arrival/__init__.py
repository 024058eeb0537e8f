"""Where what an example asks for comes from here: an own source, a national figure, a request, or nothing."""
