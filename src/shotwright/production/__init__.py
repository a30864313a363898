"""The conveyor: the only room that reads and writes stores, files and the journal."""
