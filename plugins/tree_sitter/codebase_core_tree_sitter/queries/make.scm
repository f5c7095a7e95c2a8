(rule (targets (word) @name)) @function
(variable_assignment name: (word) @name) @const
(define_directive name: (word) @name) @function
(makefile (variable_assignment name: (word) @name) @const)
