"""Who does what until when: tasks with checklists, files and dependencies."""
