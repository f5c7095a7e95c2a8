(class name: (constant) @name) @type
(class name: (scope_resolution name: (constant) @name)) @type
(module name: (constant) @name) @namespace
(module name: (scope_resolution name: (constant) @name)) @namespace
(method name: (_) @name) @function
(singleton_method name: (_) @name) @method
(assignment left: (constant) @name) @const
((call method: (identifier) @_make arguments: (argument_list (simple_symbol) @name)) @field (#any-of? @_make "attr_accessor" "attr_reader" "attr_writer" "attr" "mattr_accessor" "cattr_accessor" "class_attribute" "delegate" "thread_mattr_accessor" "attribute"))
((call method: (identifier) @_make arguments: (argument_list . (simple_symbol) @name)) @method (#any-of? @_make "alias_method" "define_method" "define_singleton_method" "scope" "has_many" "has_one" "belongs_to" "has_and_belongs_to_many" "def_delegator" "enum" "let" "let!" "subject" "task"))
((call method: (identifier) @_make arguments: (argument_list (_) (simple_symbol) @name)) @method (#any-of? @_make "def_delegators"))
(alias name: (_) @name) @method
(assignment left: (global_variable) @name) @const
(assignment left: (class_variable) @name) @field
(assignment left: (left_assignment_list (constant) @name)) @const
(assignment left: (scope_resolution name: (constant) @name)) @const
(operator_assignment left: (constant) @name) @const
((assignment left: (constant) @name right: (call receiver: (constant) @_make method: (identifier) @_new)) @type (#any-of? @_make "Struct" "Class" "Data" "Module") (#any-of? @_new "new" "define"))
((call receiver: (constant) @_make method: (identifier) @_new arguments: (argument_list (simple_symbol) @name)) @field (#any-of? @_make "Struct" "Data") (#any-of? @_new "new" "define"))
