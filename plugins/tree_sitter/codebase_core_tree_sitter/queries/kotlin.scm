(class_declaration name: (identifier) @name) @type
(object_declaration name: (identifier) @name) @type
(type_alias type: (identifier) @name) @type
(function_declaration name: (identifier) @name) @function
(property_declaration (variable_declaration (identifier) @name)) @const
(enum_entry (identifier) @name) @field
