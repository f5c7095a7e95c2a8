(section (atx_heading heading_content: (inline) @name)) @namespace
((setext_heading heading_content: (paragraph (inline) @name)) @namespace)
