#!/bin/sh
# A Docker engine for a machine that has none running: Debian's packages, dockerd by hand, no service manager.
#
#   engine.sh start   installs docker.io and iptables when dockerd is not there, starts dockerd and waits until it answers;
#                     does nothing when an engine answers already
#   engine.sh stop    ends the dockerd that `start` started (never another one) and puts the firewall back as it was;
#                     `stop --purge` removes its images and containers too
#
# Needs root. Images and containers are under $ODRADEK_DOCKER_ROOT (default /var/lib/odradek-docker), apart from those of any other engine.
set -eu

root=${ODRADEK_DOCKER_ROOT:-/var/lib/odradek-docker}
run=/run/odradek-docker
pid_file=$run/dockerd.pid
socket=/var/run/docker.sock

answers() { docker -H "unix://$socket" version >/dev/null 2>&1; }

# Whether the recorded process lives and is a dockerd: the id may belong to something else by now.
ours() { [ -s "$pid_file" ] && grep -qa dockerd "/proc/$(cat "$pid_file")/cmdline" 2>/dev/null; }

start() {
  if answers; then
    echo "an engine answers at $socket already; nothing started"
    return
  fi
  if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
    apt-get update -qq
    # No recommended packages, and no service started by the installation.
    policy=/usr/sbin/policy-rc.d
    [ -e "$policy" ] && policy= || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
    # The command line is a package of its own in newer releases.
    cli=$(apt-cache search --names-only '^docker-cli$' | cut -d ' ' -f 1)
    installed=0
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables $cli >/dev/null || installed=$?
    [ -z "$policy" ] || rm -f "$policy"
    [ "$installed" -eq 0 ] || exit "$installed"
  fi
  mkdir -p "$root" "$run"
  # dockerd adds rules, closes FORWARD and turns forwarding on, and leaves all that behind.
  iptables-save >"$run/iptables"
  cat /proc/sys/net/ipv4/ip_forward >"$run/ip_forward"
  nohup setsid dockerd --host "unix://$socket" --data-root "$root" --exec-root "$run/exec" --pidfile "$pid_file" \
    >"$run/dockerd.log" 2>&1 </dev/null &
  waited=0
  until answers; do
    waited=$((waited + 1))
    if [ "$waited" -gt 60 ]; then
      echo "dockerd does not answer; the end of $run/dockerd.log:" >&2
      tail -20 "$run/dockerd.log" >&2
      stop
      exit 1
    fi
    sleep 0.5
  done
  echo "dockerd runs, process $(cat "$pid_file"), log $run/dockerd.log"
}

stop() {
  if ours; then
    pid=$(cat "$pid_file")
    kill "$pid"
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
      waited=$((waited + 1))
      [ "$waited" -gt 60 ] && kill -9 "$pid"
      sleep 0.5
    done
    echo "dockerd stopped"
  else
    echo "no dockerd of ours runs"
  fi
  if [ -e "$run/iptables" ] && ! answers; then
    # Emptied first: a table that nobody had touched before is not in what was saved.
    for table in filter nat; do
      iptables -t "$table" -F
      iptables -t "$table" -X
    done
    iptables -P FORWARD ACCEPT
    iptables-restore <"$run/iptables"
    cat "$run/ip_forward" >/proc/sys/net/ipv4/ip_forward
    if command -v ip >/dev/null; then ip link delete docker0 2>/dev/null || true; fi
  fi
  rm -rf "$run"
}

case "${1:-}" in
  start) start ;;
  stop)
    stop
    if [ "${2:-}" = --purge ]; then rm -rf "$root"; fi
    ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
