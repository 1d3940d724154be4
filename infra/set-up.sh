#!/bin/sh
# Once, as root, before the first start: schema, identity, built-in authority, then each role's keys to
# the user its process runs as. Repeating it changes nothing.
set -eu
umask 077
mandate() { node /app/packages/cli/bin/mandate.js "$@"; }

if [ "$#" -gt 0 ]; then
  mandate "$@"
  exit
fi
mandate set-up --operator "${OPERATOR:?name the organisation that runs this}"

keys=/var/lib/mandate/keys
give() {
  owner=$1
  shift
  for role in "$@"; do chown -R "$owner:10000" "$keys/$role" && chmod 0700 "$keys/$role"; done
}
give 10011 ra vault
give 10012 ca seal
give 10013 tsa
give 10014 ledger
chmod 0711 "$keys"
chgrp -R 10000 /var/lib/mandate/trust && chmod -R g+rX /var/lib/mandate/trust
chown root:10000 /var/lib/mandate/objects && chmod 0770 /var/lib/mandate/objects

echo "Take $keys/offline away from this machine and delete it here: it holds the root keys."
