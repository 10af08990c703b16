namespace Smxp.Plugins;

/// <summary>A plugin's one entry point. Its assembly holds exactly one public, parameterless implementation.</summary>
public interface IPlugin
{
    /// <summary>Says what the plugin offers. Called once at start-up, before configuration is read; it must have no side effects.</summary>
    void Register(IPluginBuilder plugin);
}
