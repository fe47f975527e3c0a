package site

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of one header. The parser takes time that is quadratic in the depth,
// and aliases can multiply a few bytes into gigabytes.
const (
	maxDepth  = 64
	maxValues = 100_000
)

var (
	errTooDeep = fmt.Errorf("values are nested more than %d deep", maxDepth)
	errTooMany = fmt.Errorf("more than %d values", maxValues)
)

// syntaxError is a header that cannot be read, with the place in the header.
type syntaxError struct {
	line, column int
	message      string
}

func (e *syntaxError) Error() string { return e.message }

// parseYAML reads one YAML document.
func parseYAML(source []byte) (value, error) {
	if nestedTooDeep(source) {
		return value{}, errTooDeep
	}
	file, err := parser.ParseBytes(source, 0, parser.AllowDuplicateMapKey()) // mapping says it better
	if err != nil {
		return value{}, plainError(err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return value{}, nil
	}
	r := yamlReader{anchors: make(map[string]ast.Node)}
	return r.read(file.Docs[0].Body, 0)
}

// nestedTooDeep reports whether source has so many brackets open at once, or so
// many list marks on one line, that parsing it would take seconds.
func nestedTooDeep(source []byte) bool {
	open := 0
	for line := range bytes.Lines(source) {
		if bytes.Count(line, []byte("- ")) > maxDepth && bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("- -")) {
			return true
		}
		for _, c := range line {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(open-1, 0)
			}
		}
		if open > maxDepth {
			return true
		}
	}
	return false
}

// plainError returns the parser's error without its drawing of the source.
func plainError(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) {
		return err
	}
	s := &syntaxError{message: e.GetMessage()}
	if t := e.GetToken(); t != nil && t.Position != nil {
		s.line, s.column = t.Position.Line, t.Position.Column
	}
	return s
}

// yamlReader turns the parser's tree into values.
type yamlReader struct {
	anchors map[string]ast.Node
	values  int
}

func (r *yamlReader) read(n ast.Node, depth int) (value, error) {
	if r.values++; r.values > maxValues {
		return value{}, errTooMany
	}
	if depth > maxDepth {
		return value{}, errTooDeep
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n, n.Values, depth)
	case *ast.MappingValueNode:
		return r.mapping(n, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		return r.sequence(n, depth)
	case *ast.AnchorNode:
		r.anchors[n.Name.GetToken().Value] = n.Value
		return r.read(n.Value, depth+1)
	case *ast.AliasNode:
		if target, ok := r.anchors[n.Value.GetToken().Value]; ok {
			return r.read(target, depth+1)
		}
		v := at(n)
		return value{}, &syntaxError{v.line, v.column, fmt.Sprintf("nothing is marked as &%s", n.Value.GetToken().Value)}
	case *ast.TagNode:
		return r.read(n.Value, depth+1)
	}
	return leaf(n), nil
}

func (r *yamlReader) mapping(n ast.Node, entries []*ast.MappingValueNode, depth int) (value, error) {
	v := at(n)
	v.kind = mapping
	if len(entries) > 0 { // the parser gives the place of the first colon
		first := at(entries[0].Key)
		v.line, v.column = first.line, first.column
	}
	seen := make(map[string]bool, len(entries))
	for _, e := range entries {
		child, err := r.read(e.Value, depth+1)
		if err != nil {
			return value{}, err
		}
		if e.Key.IsMergeKey() { // <<: *defaults
			v.fields = append(v.fields, child.fields...)
			continue
		}
		key := leaf(e.Key)
		if seen[key.text] {
			return value{}, &syntaxError{key.line, key.column, fmt.Sprintf("the key %s is written twice", key.text)}
		}
		seen[key.text] = true
		v.fields = append(v.fields, field{key: key.text, value: child})
	}
	return v, nil
}

func (r *yamlReader) sequence(n *ast.SequenceNode, depth int) (value, error) {
	v := at(n)
	v.kind = list
	for _, item := range n.Values {
		child, err := r.read(item, depth+1)
		if err != nil {
			return value{}, err
		}
		v.list = append(v.list, child)
	}
	return v, nil
}

// leaf returns the value of a scalar.
func leaf(n ast.Node) value {
	v := at(n)
	v.kind = scalar
	switch n := n.(type) {
	case nil:
		return value{}
	case *ast.NullNode:
		v.kind = null
	case *ast.StringNode:
		v.text = n.Value
		v.quoted = n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
	case *ast.LiteralNode: // | and >
		v.text, v.quoted = n.Value.Value, true
	default:
		if t := n.GetToken(); t != nil {
			v.text = t.Value
		}
	}
	return v
}

// at returns an empty value at the place of n.
func at(n ast.Node) value {
	if n == nil {
		return value{}
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return value{}
	}
	return value{line: t.Position.Line, column: t.Position.Column}
}
