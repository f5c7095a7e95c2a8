(class_declaration name: (type_identifier) @name) @type
(class_declaration declaration_kind: "extension" name: (user_type (type_identifier) @name)) @impl
(protocol_declaration name: (type_identifier) @name) @type
(typealias_declaration name: (type_identifier) @name) @type
(function_declaration name: (simple_identifier) @name) @function
(init_declaration "init" @name) @method
(protocol_function_declaration name: (simple_identifier) @name) @decl
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @field
(enum_entry name: (simple_identifier) @name) @field
