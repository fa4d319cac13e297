#!/bin/sh
# Fetches Swagger UI for the page /docs: ./scripts/swagger-ui.sh 5.35.0
# The files go into the program as they are published; look at what changed before you commit them.
set -eu
version=${1:?which version, for example 5.35.0}
folder=$(cd "$(dirname "$0")/.." && pwd)/src/AuthServer/Admin/Documentation/Page/swagger-ui
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "swagger-ui-dist@$version" && tar xzf ./*.tgz)
for file in swagger-ui.css swagger-ui-bundle.js swagger-ui-bundle.js.LICENSE.txt oauth2-redirect.html oauth2-redirect.js LICENSE NOTICE; do
  install -m 644 "$work/package/$file" "$folder/$file"
done
sed -i "s/^\`swagger-ui-dist\` [0-9.]*/\`swagger-ui-dist\` $version/" "$folder/README.md"
git -C "$folder" status --short .
