package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// maxSecretBytes bounds the file of a secret: a private RSA key of 16384 bits
// has 12 KB in PEM.
const maxSecretBytes = 64 << 10

// secret returns the value of the environment variable name, or what stands in
// the file that its twin, name_FILE, names; "" if neither is set. Line ends after
// the value do not belong to it. Errors tell of the variable and the file, never
// of what they hold.
func (e environment) secret(name string) (string, error) {
	value, file := e.getenv(name), e.getenv(name+"_FILE")
	switch {
	case value != "" && file != "":
		return "", &exitError{exitUsage, fmt.Errorf("%s and %s_FILE are both set: unset one of them", name, name)}
	case file == "":
		return strings.TrimRight(value, "\r\n"), nil
	}
	data, err := readSecret(file)
	if err != nil {
		return "", &exitError{exitUsage, fmt.Errorf("%s_FILE: %w", name, err)}
	}
	value = strings.TrimRight(string(data), "\r\n")
	if value == "" {
		return "", &exitError{exitUsage, fmt.Errorf("%s_FILE: %s is empty", name, file)}
	}
	return value, nil
}

func readSecret(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSecretBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxSecretBytes {
		return nil, errors.New(name + " is too large for a secret")
	}
	return data, nil
}
