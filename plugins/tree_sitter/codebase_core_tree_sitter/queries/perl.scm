(package_statement name: (package) @name) @namespace
(subroutine_declaration_statement name: (bareword) @name) @function
(method_declaration_statement name: (bareword) @name) @method
(class_statement name: (package) @name) @type
((use_statement module: (package) @_module (list_expression . (autoquoted_bareword) @name)) @const (#eq? @_module "constant"))
(source_file (expression_statement (assignment_expression left: (variable_declaration "our" variable: (_) @name)) @const))
(source_file (expression_statement (assignment_expression left: (variable_declaration variable: (_) @name) right: (anonymous_subroutine_expression)) @function))
