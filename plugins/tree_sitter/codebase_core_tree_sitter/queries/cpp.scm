(class_specifier name: (type_identifier) @name body: (_)) @type
(struct_specifier name: (type_identifier) @name body: (_)) @type
(union_specifier name: (type_identifier) @name body: (_)) @type
(enum_specifier name: (type_identifier) @name body: (_)) @type
(class_specifier name: (template_type name: (type_identifier) @name) body: (_)) @type
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)) @type
(type_definition declarator: (type_identifier) @name @type)
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
(namespace_definition name: (_) @name) @namespace
(function_definition declarator: (function_declarator declarator: [(identifier) (field_identifier) (destructor_name) (operator_name)] @name)) @function
(function_definition declarator: (function_declarator declarator: (qualified_identifier scope: (_) @scope name: [(identifier) (destructor_name) (operator_name)] @name))) @method
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: [(identifier) (field_identifier)] @name))) @function
(function_definition declarator: (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))) @function
(declaration declarator: (function_declarator declarator: (identifier) @name)) @decl
(field_declaration declarator: (function_declarator declarator: (field_identifier) @name)) @decl
(preproc_def name: (identifier) @name) @const
(preproc_function_def name: (identifier) @name) @function
(enumerator name: (identifier) @name) @field
