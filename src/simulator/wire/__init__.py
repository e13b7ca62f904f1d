"""How clients of the ESP Reporting API speak: styles, connections, answers, the driver.

Owns everything that touches HTTP. Promises: answers are read as the strictest real client
reads them; a call whose answer was lost is sent again and counted as such, never hidden.
"""
