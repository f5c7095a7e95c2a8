(data_type name: (name) @name) @type
(newtype name: (name) @name) @type
(type_synonym name: (name) @name) @type
(class name: (name) @name) @type
(instance name: (name) @name) @impl
(signature name: (variable) @name) @decl
(function name: (variable) @name) @function
(bind name: (variable) @name) @function
(data_constructor (prefix name: (constructor) @name)) @field
(signature name: (prefix_id (operator) @name)) @decl
(signature names: (binding_list (variable) @name)) @decl
(function (infix operator: (operator) @name)) @function
(function (infix operator: (infix_id (variable) @name))) @function
(function name: (prefix_id (operator) @name)) @function
(bind name: (prefix_id (operator) @name)) @function
(data_constructor (record name: (constructor) @name)) @field
(data_constructor (infix operator: (_) @name)) @field
(field name: (field_name (variable) @name)) @field
(newtype_constructor name: (constructor) @name) @field
(gadt_constructor name: (constructor) @name) @field
(type_family name: (name) @name) @type
(data_family name: (name) @name) @type
(header module: (module) @name) @namespace
(foreign_import signature: (signature name: (variable) @name)) @decl
(kind_signature name: (name) @name) @type
