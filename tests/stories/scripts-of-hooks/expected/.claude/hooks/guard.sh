#!/bin/sh
# Guard of Claude Code, from {root}/home/.claude.
exit 0
