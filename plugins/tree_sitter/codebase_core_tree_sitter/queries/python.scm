(class_definition name: (identifier) @name) @type
(function_definition name: (identifier) @name) @function
(module (expression_statement (assignment left: (identifier) @name) @const))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @field)))
(type_alias_statement left: (type (identifier) @name)) @type
(module (expression_statement (assignment left: (identifier) @_all right: (list (string (string_content) @name))) @reexport (#eq? @_all "__all__")))
(module (expression_statement (assignment left: (identifier) @_all right: (tuple (string (string_content) @name))) @reexport (#eq? @_all "__all__")))
