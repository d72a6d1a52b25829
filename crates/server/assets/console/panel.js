/* The panel on the right: opened and sent without leaving the list. <a data-panel>, <aside id="panel">. */
{
}
