(class_specifier name: (type_identifier) @name body: (_)) @type
(struct_specifier name: (type_identifier) @name body: (_)) @type
(union_specifier name: (type_identifier) @name body: (_)) @type
(enum_specifier name: (type_identifier) @name body: (_)) @type
(class_specifier name: (template_type name: (type_identifier) @name) body: (_)) @type
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)) @type
(class_specifier name: (qualified_identifier scope: (_) @scope name: (type_identifier) @name) body: (_)) @type
(struct_specifier name: (qualified_identifier scope: (_) @scope name: (type_identifier) @name) body: (_)) @type
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
(namespace_definition name: (_) @name) @namespace
(namespace_alias_definition name: (_) @name) @namespace
(declaration declarator: (reference_declarator (function_declarator)) @declarator) @const
(declaration declarator: (operator_cast) @declarator) @const
(field_declaration_list (declaration declarator: (_) @declarator) @const)
(template_declaration (declaration declarator: (_) @declarator) @const)
(field_declaration_list (template_declaration (declaration declarator: (_) @declarator) @const))
(function_definition declarator: (_) @declarator) @function
(declaration declarator: (function_declarator) @declarator) @const
(declaration declarator: (pointer_declarator (function_declarator)) @declarator) @const
(translation_unit (declaration declarator: (_) @declarator) @const)
(preproc_if (declaration declarator: (_) @declarator) @const)
(preproc_ifdef (declaration declarator: (_) @declarator) @const)
(preproc_else (declaration declarator: (_) @declarator) @const)
(declaration_list (declaration declarator: (_) @declarator) @const)
(linkage_specification (declaration declarator: (_) @declarator) @const)
(field_declaration declarator: (_) @declarator) @field
(type_definition declarator: (_) @declarator) @type
(preproc_def name: (identifier) @name) @const
(preproc_function_def name: (identifier) @name) @function
(enumerator name: (identifier) @name) @field
