#!/usr/bin/env bash
readonly LIMIT=10
export NAME=x
count=0
function open_pool { local a=1; }
close_pool() {
  echo done
}
alias ll='ls -l'
