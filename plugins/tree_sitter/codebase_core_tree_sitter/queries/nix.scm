(binding attrpath: (attrpath attr: (identifier) @name .) expression: (function_expression)) @function
(binding attrpath: (attrpath attr: (identifier) @name .)) @const
