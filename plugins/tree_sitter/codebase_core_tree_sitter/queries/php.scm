(class_declaration name: (name) @name) @type
(interface_declaration name: (name) @name) @type
(trait_declaration name: (name) @name) @type
(enum_declaration name: (name) @name) @type
(function_definition name: (name) @name) @function
(method_declaration name: (name) @name) @method
(const_declaration (const_element (name) @name)) @const
(property_declaration (property_element (variable_name (name) @name))) @field
(enum_case name: (name) @name) @field
(property_promotion_parameter name: (variable_name (name) @name)) @field
(namespace_definition name: (namespace_name) @name) @namespace
(program (expression_statement (assignment_expression left: (variable_name (name) @name)) @const))
(namespace_use_clause alias: (name) @name) @reexport
((function_call_expression function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))) @const (#eq? @_define "define"))
((function_call_expression function: (name) @_define arguments: (arguments . (argument (encapsed_string (string_content) @name)))) @const (#eq? @_define "define"))
