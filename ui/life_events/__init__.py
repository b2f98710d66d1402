"""动态管理: the wizard of an event, from what happened to what is written."""
