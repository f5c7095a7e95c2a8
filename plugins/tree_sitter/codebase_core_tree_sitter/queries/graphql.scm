(object_type_definition (name) @name) @type
(interface_type_definition (name) @name) @type
(input_object_type_definition (name) @name) @type
(enum_type_definition (name) @name) @type
(union_type_definition (name) @name) @type
(scalar_type_definition (name) @name) @type
(object_type_extension (name) @name) @impl
(interface_type_extension (name) @name) @impl
(enum_type_extension (name) @name) @impl
(input_object_type_extension (name) @name) @impl
(directive_definition (name) @name) @function
(operation_definition (name) @name) @function
(fragment_definition (fragment_name (name) @name)) @function
(field_definition (name) @name) @field
(input_fields_definition (input_value_definition (name) @name) @field)
(enum_value_definition (enum_value (name) @name)) @field
