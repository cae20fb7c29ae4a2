# Runs a command where the only way out is a cable we hold the other end of; then says how many packets went into it.
# Used by test_wire.py within `unshare -Urn`.
ip link set lo up || exit 3
ip link add out type veth peer name in || exit 3
for end in out in; do echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6 2>/dev/null; done
ip link set in up && ip link set out arp off up || exit 3
ip addr add 10.9.9.1/24 dev out && ip route add default via 10.9.9.2 || exit 3
sent() { awk '$1 == "out:" { print $11 }' /proc/net/dev; }
"$@"
echo "exit $?"
echo "packets $(sent)"
# Were something sent, it would be seen: one datagram to an address set aside for examples.
"$PYTHON" -c 'import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("203.0.113.1", 9))'
echo "seen $(sent)"
