(class_declaration name: (type_identifier) @name) @type
(class_declaration declaration_kind: "extension" name: (user_type (type_identifier) @name)) @impl
(protocol_declaration name: (type_identifier) @name) @type
(typealias_declaration name: (type_identifier) @name) @type
(function_declaration name: [(simple_identifier) (custom_operator) "+" "-" "*" "/" "%" "==" "!=" "<" ">" "<=" ">=" "===" "!==" "&" "|" "^" "~" "!" "<<" ">>" "+=" "-=" "*=" "/="] @name) @function
(init_declaration "init" @name) @method
(protocol_function_declaration name: (simple_identifier) @name) @decl
(property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @field
(enum_entry name: (simple_identifier) @name) @field
(associatedtype_declaration name: (type_identifier) @name) @type
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @name)) @field
(operator_declaration (custom_operator) @name) @decl
(precedence_group_declaration (simple_identifier) @name) @type
(subscript_declaration "subscript" @name) @method
(deinit_declaration "deinit" @name) @method
(macro_declaration (simple_identifier) @name) @function
(class_declaration declaration_kind: "extension" name: (_) @name) @impl
(property_declaration name: (pattern (pattern bound_identifier: (simple_identifier) @name))) @field
(property_declaration name: (pattern (pattern (simple_identifier) @name))) @field
(protocol_function_declaration "func" . (simple_identifier) @name) @decl
(protocol_function_declaration name: (custom_operator) @name) @decl
