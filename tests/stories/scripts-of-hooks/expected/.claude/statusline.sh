#!/bin/sh
echo team
