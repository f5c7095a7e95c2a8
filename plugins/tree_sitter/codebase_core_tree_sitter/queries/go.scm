(type_spec name: (type_identifier) @name) @type
(type_alias name: (type_identifier) @name) @type
(function_declaration name: (identifier) @name) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: (type_identifier) @scope)) name: (field_identifier) @name) @method
(method_declaration receiver: (parameter_list (parameter_declaration type: (pointer_type (type_identifier) @scope))) name: (field_identifier) @name) @method
(method_declaration receiver: (parameter_list (parameter_declaration type: (pointer_type (generic_type type: (type_identifier) @scope)))) name: (field_identifier) @name) @method
(method_declaration name: (field_identifier) @name) @method
(method_elem name: (field_identifier) @name) @decl
(source_file (const_declaration (const_spec name: (identifier) @name) @const))
(source_file (var_declaration (var_spec name: (identifier) @name) @const))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @const)))
(field_declaration name: (field_identifier) @name) @field
(method_declaration receiver: (parameter_list (parameter_declaration type: (generic_type type: (type_identifier) @scope))) name: (field_identifier) @name) @method
(const_spec name: (identifier) @name) @const
(struct_type (field_declaration_list (field_declaration !name type: (type_identifier) @name) @field))
(struct_type (field_declaration_list (field_declaration !name type: (pointer_type (type_identifier) @name)) @field))
(const_spec (identifier) @name) @const
(source_file (var_declaration (var_spec (identifier) @name) @const))
(source_file (var_declaration (var_spec_list (var_spec (identifier) @name) @const)))
(field_declaration (field_identifier) @name) @field
