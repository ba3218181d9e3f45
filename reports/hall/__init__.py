"""The big screen of the visitors' hall: its address, and who may make one."""
