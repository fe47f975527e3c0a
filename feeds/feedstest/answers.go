package feedstest

import (
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type answer func(w http.ResponseWriter, r *http.Request, p page)

// answers are those of the troubles that are more than a misleading detail.
var answers = map[Trouble]answer{
	NotFound:    status(http.StatusNotFound),
	Forbidden:   status(http.StatusForbidden),
	Gone:        status(http.StatusGone),
	ServerError: status(http.StatusInternalServerError),
	NoContent:   status(http.StatusNoContent),
	Unasked304:  status(http.StatusNotModified),
	TooMany:     status(http.StatusTooManyRequests, "Retry-After", "600"),
	Unavailable: func(w http.ResponseWriter, r *http.Request, p page) {
		w.Header().Set("Retry-After", p.date.Add(30*time.Minute).UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusServiceUnavailable)
	},
	Challenge: status(http.StatusForbidden, "Cf-Mitigated", "challenge"),
	Captcha: func(w http.ResponseWriter, _ *http.Request, _ page) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		write(w, "<!DOCTYPE html><title>Attention Required! | Some Shield</title>")
	},

	Silent: func(_ http.ResponseWriter, r *http.Request, _ page) { <-r.Context().Done() },
	Drip: func(w http.ResponseWriter, r *http.Request, p page) {
		for _, b := range []byte(strings.Repeat(p.rss(), 100)) {
			if !write(w, string(b)) || http.NewResponseController(w).Flush() != nil || !pause(r, time.Second) {
				return
			}
		}
	},
	HalfBody: func(w http.ResponseWriter, _ *http.Request, p page) {
		body := p.rss()
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		write(w, body[:len(body)/2])
	},
	ShortLength: func(w http.ResponseWriter, r *http.Request, p page) {
		body := p.rss()
		raw(func(w io.Writer) {
			write(w, "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: max-age=300\r\nContent-Length: "+strconv.Itoa(len(body)-10)+"\r\n\r\n"+body)
		})(w, r, p)
	},
	Cut: raw(func(io.Writer) {}),
	Reset: raw(func(w io.Writer) {
		write(w, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"+strings.Repeat("<rss>", 10000))
		switch c := w.(type) {
		case *conn:
			c.abort()
		case *net.TCPConn:
			_ = c.SetLinger(0) // or it ends in the middle without a reset
		}
	}),
	NotHTTP: raw(func(w io.Writer) { write(w, "220 mail.example ESMTP ready\r\n") }),
	Headers: raw(func(w io.Writer) {
		write(w, "HTTP/1.1 200 OK\r\n")
		for write(w, strings.Repeat("X-More: and more\r\n", 10000)) {
		}
	}),
	Interim: raw(func(w io.Writer) {
		for write(w, "HTTP/1.1 103 Early Hints\r\nLink: </more>\r\n\r\n") {
		}
	}),

	Bomb: compressed(func(w io.Writer) {
		nothing := make([]byte, 1<<20)
		for range 64 {
			if _, err := w.Write(nothing); err != nil {
				return
			}
		}
	}),
	Hollow: func(w http.ResponseWriter, _ *http.Request, _ page) {
		w.Header().Set("Content-Encoding", "gzip")
		var member strings.Builder
		must(0, gzip.NewWriter(&member).Close())
		for many := strings.Repeat(member.String(), 1000); write(w, many); {
		}
	},
	Huge: func(w http.ResponseWriter, _ *http.Request, _ page) {
		write(w, "<rss><channel>")
		for more := strings.Repeat("<item/>", 10000); write(w, more); {
		}
	},
	BadGzip: func(w http.ResponseWriter, _ *http.Request, p page) {
		w.Header().Set("Content-Encoding", "gzip")
		write(w, p.rss())
	},
	HalfGzip: func(w http.ResponseWriter, _ *http.Request, p page) {
		w.Header().Set("Content-Encoding", "gzip")
		var body strings.Builder
		z := gzip.NewWriter(&body)
		write(z, p.rss())
		must(0, z.Close())
		write(w, body.String()[:body.Len()/2])
	},
	Brotli: func(w http.ResponseWriter, _ *http.Request, _ page) {
		w.Header().Set("Content-Encoding", "br")
		write(w, "\x0b\x02\x80hello\x03")
	},

	Login: func(w http.ResponseWriter, _ *http.Request, _ page) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		write(w, "\n<!-- hello --><!doctype HTML>\n<html lang=en><title>Please sign in</title></html>")
	},
	Empty: func(w http.ResponseWriter, _ *http.Request, _ page) { w.WriteHeader(http.StatusOK) },
	Blank: func(w http.ResponseWriter, _ *http.Request, _ page) { write(w, " \r\n\t ") },

	Circle: func(w http.ResponseWriter, r *http.Request, _ page) {
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	},
	Chain: func(w http.ResponseWriter, r *http.Request, p page) {
		http.Redirect(w, r, "/"+strconv.Itoa(p.visit), http.StatusFound)
	},
	ToPrivate: redirect("http://169.254.169.254/latest/meta-data/"),
	ToFile:    redirect("file:///etc/passwd"),
}

func status(code int, headers ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ page) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

func redirect(to string) answer {
	return func(w http.ResponseWriter, r *http.Request, _ page) { http.Redirect(w, r, to, http.StatusFound) }
}

// raw answers with bytes and closes the connection.
func raw(speak func(io.Writer)) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ page) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		speak(conn)
		_ = conn.Close()
	}
}

func compressed(speak func(io.Writer)) answer {
	return func(w http.ResponseWriter, _ *http.Request, _ page) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		speak(z)
		_ = z.Close() // who does not read it is gone
	}
}

// write reports whether somebody still reads.
func write(w io.Writer, text string) bool {
	_, err := io.WriteString(w, text)
	return err == nil
}

// pause waits, and tells whether anybody waits still.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
