"""The manager's pages under /manage/."""
