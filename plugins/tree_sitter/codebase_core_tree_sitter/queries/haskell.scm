(data_type name: (name) @name) @type
(newtype name: (name) @name) @type
(type_synonym name: (name) @name) @type
(class name: (name) @name) @type
(instance name: (name) @name) @impl
(signature name: (variable) @name) @decl
(function name: (variable) @name) @function
(bind name: (variable) @name) @function
(data_constructor (prefix name: (constructor) @name)) @field
