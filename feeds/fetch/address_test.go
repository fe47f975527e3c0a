package fetch_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cloudnative.tw/herald/feeds/fetch"
)

func TestAddresses(t *testing.T) {
	for address, public := range map[string]bool{
		"1.1.1.1": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.0.1": true, "192.169.0.1": true,
		"2606:4700:4700::1111": true, "2001:200::1": true, "2400:cb00::1": true,

		"127.0.0.1": false, "127.255.255.254": false, "0.0.0.0": false, "0.1.2.3": false,
		"10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "192.0.0.8": false,
		"192.0.2.1": false, "198.51.100.1": false, "203.0.113.1": false, "198.18.0.1": false, "198.19.255.255": false,
		"192.88.99.1": false, "224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false,

		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:1.1.1.1": false, "::1.1.1.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::101:101": false, "64:ff9b:1::1": false,
		"2002:7f00:1::": false, "2002:101:101::1": false, "2001::1": false, "2001:db8::1": false, "3fff::1": false,
		"fc00::1": false, "fd12:3456::1": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false,
		"ff02::1": false, "100::1": false, "2606:4700:4700::1111%eth0": false,
	} {
		if err := fetch.CheckAddress(net.JoinHostPort(address, "443")); (err == nil) != public {
			t.Errorf("%s: error %v, want public %t", address, err, public)
		}
	}
	for _, address := range []string{"", "1.1.1.1", "localhost:80", "1.1.1.1:x"} {
		if fetch.CheckAddress(address) == nil {
			t.Errorf("%q is no address", address)
		}
	}
}

// On the real network nothing private is connected to, by whatever name.
func TestNothingPrivateIsConnectedTo(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked") }))
	server.Config.ConnState = func(net.Conn, http.ConnState) { t.Error("was connected to") }
	server.Start()
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	c := fetch.New(fetch.Options{})
	defer c.Close()
	for _, host := range []string{"127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]", "127.1", "2130706433", "0x7f.1", "0177.0.0.1"} {
		address := "http://" + host + ":" + port + "/"
		if _, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: address}); err == nil {
			t.Errorf("%s could be read", address)
		}
		if err := c.Live(t.Context(), time.Now(), address); err == nil {
			t.Errorf("%s could be looked at", address)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := c.HTTP().Do(req); err == nil {
			res.Body.Close()
			t.Errorf("%s could be read by HTTP", address)
		}
	}
	if _, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: "http://127.0.0.1:" + port}); !strings.Contains(err.Error(), "the host has a private or special address") {
		t.Errorf("error %v", err)
	}
}

// A proxy of the environment would look names up behind the check.
func TestNoProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128")
	t.Setenv("http_proxy", "http://proxy.example:3128")
	dialled := ""
	c := fetch.New(fetch.Options{Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		dialled = address
		return nil, errors.New("no")
	}})
	defer c.Close()
	if _, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: "http://feed.example/"}); err == nil || dialled != "feed.example:80" {
		t.Errorf("dialled %s, error %v", dialled, err)
	}
}

// Over HTTP/2 all is as it is over HTTP/1.1.
func TestHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("asked by %s", r.Proto)
		}
		switch {
		case r.URL.Path == "/slow":
			<-r.Context().Done()
		case r.Header.Get("If-None-Match") == `"1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"1"`)
			w.Write([]byte("<rss/>"))
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	options := fetch.Options{AllowPrivate: true, TLS: server.Client().Transport.(*http.Transport).TLSClientConfig}
	c := fetch.New(options)
	defer c.Close()
	res, err := c.Get(t.Context(), time.Now(), fetch.Request{URL: server.URL})
	if err != nil || string(res.Body) != "<rss/>" {
		t.Fatalf("got %+v, error %v", res, err)
	}
	if res, err = c.Get(t.Context(), time.Now(), fetch.Request{URL: server.URL, Validators: res.Validators}); err != nil || !res.NotModified {
		t.Errorf("got %+v, error %v", res, err)
	}
	options.HeaderTimeout = time.Millisecond
	hasty := fetch.New(options)
	defer hasty.Close()
	if _, err = hasty.Get(t.Context(), time.Now(), fetch.Request{URL: server.URL + "/slow"}); err == nil || !strings.Contains(err.Error(), "no answer within 1ms") {
		t.Errorf("error %v", err)
	}
}
