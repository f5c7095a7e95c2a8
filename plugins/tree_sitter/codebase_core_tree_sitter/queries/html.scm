((element (start_tag (attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name)))) @const (#eq? @_attribute "id"))
((element (start_tag (attribute (attribute_name) @_attribute (attribute_value) @name))) @const (#eq? @_attribute "id"))
((element (self_closing_tag (attribute (attribute_name) @_attribute (quoted_attribute_value (attribute_value) @name)))) @const (#eq? @_attribute "id"))
