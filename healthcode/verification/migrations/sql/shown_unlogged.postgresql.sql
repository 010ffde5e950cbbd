-- What is forgotten within minutes need not survive a crash, and its commits wait for no disk.
ALTER TABLE health_shown SET UNLOGGED;
