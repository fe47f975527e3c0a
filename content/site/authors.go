package site

import "cloudnative.tw/herald/content"

// authors returns who wrote a post: keys of authors.yml, objects, or a mix of
// them, one or a list; else the single author of Docusaurus 1.
func (p *pageReader) authors(front value, known map[string]content.Author) []content.Author {
	v := front.get("authors")
	if v.kind == null {
		return p.legacyAuthor(front)
	}
	var authors []content.Author
	for _, item := range v.items() {
		if a := p.author(item, known); a.Name != "" {
			authors = append(authors, a)
		}
	}
	return authors
}

func (p *pageReader) legacyAuthor(front value) []content.Author {
	a := content.Author{
		Name:  front.get("author").word(),
		Title: front.get("author_title", "authorTitle").word(),
		URL:   p.outside(front.get("author_url", "authorURL").word()),
		Image: p.picture(front.get("author_image_url", "authorImageURL").word()),
	}
	if a.Name == "" {
		return nil
	}
	return []content.Author{a}
}

// author returns one author, without a name if there is none.
func (p *pageReader) author(v value, known map[string]content.Author) content.Author {
	switch v.kind {
	case scalar:
		key := v.word()
		if a, ok := known[key]; ok {
			return a
		}
		p.problem(v, "no author \""+key+"\" in "+authorsFile, "add it to "+authorsFile+", or check the spelling")
		return content.Author{Name: key}
	case mapping:
		own := p.authorFields(v)
		a, ok := known[v.get("key").word()]
		if !ok {
			a.Name = v.get("key").word()
		}
		overlay(&a.Name, own.Name)
		overlay(&a.Title, own.Title)
		overlay(&a.URL, own.URL)
		overlay(&a.Image, own.Image)
		if a.Name == "" {
			p.problem(v, "an author needs a name", "")
		}
		return a
	case list:
		p.problem(v, "an author must be a key or a group of keys, not a list", "")
	default:
	}
	return content.Author{}
}

func overlay(field *string, own string) {
	if own != "" {
		*field = own
	}
}

func (p *pageReader) authorFields(v value) content.Author {
	return content.Author{
		Name:  v.get("name").word(),
		Title: v.get("title").word(),
		URL:   p.outside(v.get("url").word()),
		Image: p.picture(v.get("image_url", "imageURL").word()),
	}
}

// knownAuthors reads authors.yml.
func (p *pageReader) knownAuthors(file value) map[string]content.Author {
	known := make(map[string]content.Author, len(file.fields))
	for _, f := range file.fields {
		a := p.authorFields(f.value)
		if a.Name == "" {
			a.Name = f.key
		}
		known[f.key] = a
	}
	return known
}
