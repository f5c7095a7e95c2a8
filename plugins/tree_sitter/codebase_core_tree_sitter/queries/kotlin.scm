(class_declaration name: (identifier) @name) @type
(object_declaration name: (identifier) @name) @type
(type_alias type: (identifier) @name) @type
(function_declaration name: (identifier) @name) @function
(property_declaration (variable_declaration (identifier) @name)) @const
(enum_entry (identifier) @name) @field
(class_parameter ["val" "var"] (identifier) @name) @field
(property_declaration (multi_variable_declaration (variable_declaration (identifier) @name))) @const
(companion_object (identifier) @name) @type
(secondary_constructor "constructor" @name) @method
(type_alias (identifier) @name) @type
(type_alias . (identifier) @name) @type
