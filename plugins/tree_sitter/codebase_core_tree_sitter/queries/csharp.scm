(class_declaration name: (identifier) @name) @type
(struct_declaration name: (identifier) @name) @type
(interface_declaration name: (identifier) @name) @type
(enum_declaration name: (identifier) @name) @type
(record_declaration name: (identifier) @name) @type
(delegate_declaration name: (identifier) @name) @type
(namespace_declaration name: (_) @name) @namespace
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(local_function_statement name: (identifier) @name) @function
(property_declaration name: (identifier) @name) @field
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(enum_member_declaration name: (identifier) @name) @field
(file_scoped_namespace_declaration name: (_) @name) @namespace
(conversion_operator_declaration type: (_) @name) @method
(indexer_declaration "this" @name) @method
(destructor_declaration name: (identifier) @name) @method
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(event_declaration name: (identifier) @name) @field
(record_declaration (parameter_list (parameter name: (identifier) @name) @field))
(using_directive name: (identifier) @name) @type
(using_directive name: (_) @name "=") @type
(extern_alias_directive (identifier) @name) @const
(class_declaration (parameter_list (parameter name: (identifier) @name) @field))
(operator_declaration operator: _ @operator) @method
