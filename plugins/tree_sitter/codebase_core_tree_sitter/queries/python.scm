(class_definition name: (identifier) @name) @type
(function_definition name: (identifier) @name) @function
(module (expression_statement (assignment left: (identifier) @name) @const))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @field)))
(type_alias_statement left: (type (identifier) @name)) @type
(module (expression_statement (assignment left: (identifier) @_all right: (list (string (string_content) @name))) @reexport (#eq? @_all "__all__")))
(module (expression_statement (assignment left: (identifier) @_all right: (tuple (string (string_content) @name))) @reexport (#eq? @_all "__all__")))
(type_alias_statement left: (type (generic_type (identifier) @name))) @type
(module (expression_statement (assignment left: (pattern_list (identifier) @name)) @const))
(module (expression_statement (assignment left: (tuple_pattern (identifier) @name)) @const))
(class_definition body: (block (expression_statement (assignment left: (pattern_list (identifier) @name)) @field)))
(module (if_statement consequence: (block (expression_statement (assignment left: (identifier) @name) @const))))
(module (if_statement alternative: (else_clause body: (block (expression_statement (assignment left: (identifier) @name) @const)))))
(module (try_statement body: (block (expression_statement (assignment left: (identifier) @name) @const))))
(module (try_statement (except_clause (block (expression_statement (assignment left: (identifier) @name) @const)))))
