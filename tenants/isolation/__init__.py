"""What keeps partners apart: roles, grants, routers, caches, files, tasks, and the checks of all that."""
