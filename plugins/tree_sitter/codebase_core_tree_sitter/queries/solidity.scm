(contract_declaration name: (identifier) @name) @type
(library_declaration name: (identifier) @name) @type
(interface_declaration name: (identifier) @name) @type
(struct_declaration name: (identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(enum_value) @name @field
(event_definition name: (identifier) @name) @decl
(error_declaration name: (identifier) @name) @type
(modifier_definition name: (identifier) @name) @function
(function_definition name: (identifier) @name) @function
(constructor_definition "constructor" @name) @method
(fallback_receive_definition ["fallback" "receive"] @name) @method
(state_variable_declaration name: (identifier) @name) @field
(constant_variable_declaration name: (identifier) @name) @const
(struct_member name: (identifier) @name) @field
(user_defined_type_definition name: (identifier) @name) @type
