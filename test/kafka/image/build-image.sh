#!/bin/sh
# Makes an image of Kafka without an image registry: Debian's minimal system with a Java runtime (debootstrap), Kafka's jars in
# /opt/kafka/libs (from the harness's cache, fetched by Maven), `docker import`. The harness treats it like Kafka's own image:
#
#   test/kafka/image/engine.sh start              # where no Docker engine runs
#   test/kafka/image/build-image.sh               # once, about two minutes
#   KAFKA_IMAGE=odradek/kafka:4.3.1 npm run kafka -- start --via docker
#   test/kafka/image/engine.sh stop
#
# Usage: build-image.sh [tag]      default odradek/kafka:<version>. Needs root, a Docker engine, Java 17 and Maven.
# The system's files are kept in $ODRADEK_IMAGE_ROOT only while the image is made (default: a new temporary directory).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=${ODRADEK_IMAGE_ROOT:-$(mktemp -d /tmp/odradek-image.XXXXXX)}
trap 'rm -rf "$work"' EXIT INT TERM

docker version >/dev/null 2>&1 || {
  echo "no Docker engine answers; see engine.sh" >&2
  exit 1
}
command -v debootstrap >/dev/null || {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
}

echo "jars" >&2
jars=$(node "$here/../jars.ts")
version=$(basename "$jars"/kafka-clients-*.jar .jar)
version=${version#kafka-clients-}
tag=${1:-odradek/kafka:$version}

echo "system" >&2
root=$work/root
# The mirror that this machine's apt uses is the one that can be reached.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -1)
debootstrap --variant=minbase --include=openjdk-17-jre-headless bookworm "$root" ${mirror:+"$mirror"} >"$work/debootstrap.log" 2>&1 || {
  tail -20 "$work/debootstrap.log" >&2
  exit 1
}
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/locale
mkdir -p "$root/opt/kafka/libs"
cp "$jars"/*.jar "$root/opt/kafka/libs/"

echo "image" >&2
tar -C "$root" -c . | docker import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$tag" >/dev/null
echo "$tag"
