#!/bin/sh
# Guard of {{client.name}}, from {{path.files}}.
exit 0
