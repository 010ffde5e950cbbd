"""Alarms: what operators must look at, whatever part of the house it comes from."""
