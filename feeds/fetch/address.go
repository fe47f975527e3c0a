package fetch

import (
	"fmt"
	"net/netip"
)

// special are the networks that are not the public internet, by the IANA
// registries of special-purpose addresses
// (https://www.iana.org/assignments/iana-ipv4-special-registry and
// https://www.iana.org/assignments/iana-ipv6-special-registry) and of multicast.
// Of IPv6 only 2000::/3 is public at all, so these are the exceptions in it;
// what embeds an IPv4 address outside of it (v4-mapped, NAT64) is refused with
// the rest.
var special = prefixes(
	"0.0.0.0/8",       // this network; 0.0.0.0 reaches this machine
	"10.0.0.0/8",      // private
	"100.64.0.0/10",   // shared by carriers (CGNAT)
	"127.0.0.0/8",     // loopback
	"169.254.0.0/16",  // link-local; 169.254.169.254 hands out cloud credentials
	"172.16.0.0/12",   // private
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"192.168.0.0/16",  // private
	"198.18.0.0/15",   // benchmarks
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"224.0.0.0/4",     // multicast
	"240.0.0.0/4",     // reserved, and broadcast
	"2001::/23",       // protocol assignments, Teredo among them
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4, which embeds an IPv4 address
	"3fff::/20",       // documentation
)

var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// privateError is why an address was not connected to. It does not tell which
// address, because it may reach a chat and the host's name says enough.
type privateError struct{}

func (privateError) Error() string { return "the host has a private or special address" }

// checkAddress returns an error unless address, an IP and a port, is on the
// public internet.
func checkAddress(address string) error {
	ip, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("cannot read the host's address: %w", err)
	}
	if !public(ip.Addr()) {
		return privateError{}
	}
	return nil
}

func public(ip netip.Addr) bool {
	if ip.Zone() != "" {
		return false
	}
	if ip.Is6() && !publicIPv6.Contains(ip) {
		return false // a v4-mapped address is one of these
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsValid()
}
