(class name: (constant) @name) @type
(class name: (scope_resolution name: (constant) @name)) @type
(module name: (constant) @name) @namespace
(module name: (scope_resolution name: (constant) @name)) @namespace
(method name: (_) @name) @function
(singleton_method name: (_) @name) @method
(assignment left: (constant) @name) @const
